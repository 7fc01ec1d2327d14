# shellcheck shell=sh disable=SC2153,SC2034 # record.sh, which goes before this, uses the variables.
# The process that executes the command. It first tries all that can fail, then records `running`; only `exec`
# is left after that.

# From here on the job's variables belong to this shell alone: neither the command nor a tool gets them.
for SERFX_JOB_NAME in $SERFX_JOB_NAMES; do
  eval "SERFX_JOB_REST=\$$SERFX_JOB_NAME; unset $SERFX_JOB_NAME; $SERFX_JOB_NAME=\$SERFX_JOB_REST"
done
SERFX_JOB_PIDS='"ppid":'$SERFX_JOB_SUPERVISOR,
SERFX_JOB_UMASK=$(umask)
umask 077

fail() {
  replace invoking "$(render failed ',"error":"'"$1"'"')"
  exit 1
}
cannot_write() {
  if [ -d "$1" ]; then fail "EISDIR: $2"; fi
  if [ -w "$1" ]; then fail "$2"; fi
  if [ -e "$1" ] || [ -d "${1%/*}/" ]; then fail "EACCES: $2"; fi
  fail "ENOENT: $2"
}
find_command() {
  case $1 in */*) SERFX_JOB_FOUND=$1; return ;; esac
  SERFX_JOB_FOUND=
  SERFX_JOB_REST=${PATH-/usr/bin:/bin}:
  while [ -n "$SERFX_JOB_REST" ]; do
    SERFX_JOB_LINE=${SERFX_JOB_REST%%:*}
    SERFX_JOB_LINE=${SERFX_JOB_LINE:-.}/$1
    SERFX_JOB_REST=${SERFX_JOB_REST#*:}
    [ -f "$SERFX_JOB_LINE" ] || continue
    SERFX_JOB_FOUND=$SERFX_JOB_LINE
    [ -x "$SERFX_JOB_LINE" ] && return
  done
}

in_charge invoking || exit 1
if IFS= read -r SERFX_JOB_LINE </proc/$$/stat; then
  # shellcheck disable=SC2086 # Each field becomes a word.
  set -- ${SERFX_JOB_LINE##*) }
  SERFX_JOB_REST=$3
  SERFX_JOB_MARK=${20}
else
  # shellcheck disable=SC2046
  set -- $(LC_ALL=C TZ=UTC0 "$SERFX_JOB_PS" -o pgid= -o lstart= -p $$)
  SERFX_JOB_REST=$1
  shift
  SERFX_JOB_MARK=$*
fi
[ "$SERFX_JOB_REST" = $$ ] || fail 'the command cannot have a process group of its own: install setsid (util-linux)'

if [ ! -e "$SERFX_JOB_CWD" ]; then fail "ENOENT: cwd does not exist: $SERFX_JOB_CWD_TEXT"; fi
if [ ! -d "$SERFX_JOB_CWD" ]; then fail "ENOTDIR: cwd is not a folder: $SERFX_JOB_CWD_TEXT"; fi
cd "$SERFX_JOB_CWD" || fail "EACCES: cwd may not be entered: $SERFX_JOB_CWD_TEXT"

# The words of the command, quoted by commandText() in message.ts. They come in pieces, because the system
# limits a variable to 128 KiB.
SERFX_JOB_REST=
SERFX_JOB_INDEX=0
while [ "$SERFX_JOB_INDEX" -lt "$SERFX_JOB_PIECES" ]; do
  eval "SERFX_JOB_REST=\$SERFX_JOB_REST\$SERFX_JOB_PIECE_$SERFX_JOB_INDEX"
  SERFX_JOB_INDEX=$((SERFX_JOB_INDEX + 1))
done
eval "set -- $SERFX_JOB_REST"

find_command "$1"
[ -e "$SERFX_JOB_FOUND" ] || fail "ENOENT: command not found: $SERFX_JOB_COMMAND_TEXT"
if [ ! -f "$SERFX_JOB_FOUND" ] || [ ! -x "$SERFX_JOB_FOUND" ]; then
  fail "EACCES: command is not an executable file: $SERFX_JOB_COMMAND_TEXT"
fi
# exec would take a name that begins with a dash for an option.
case $1 in
  -*/*) SERFX_JOB_FOUND=./$1; shift; set -- "$SERFX_JOB_FOUND" "$@" ;;
  -*) shift; set -- "$SERFX_JOB_FOUND" "$@" ;;
esac

umask "$SERFX_JOB_UMASK"
command exec >>"$SERFX_JOB_STDOUT" ||
  cannot_write "$SERFX_JOB_STDOUT" "stdout cannot be written: $SERFX_JOB_STDOUT_TEXT"
command exec 2>>"$SERFX_JOB_STDERR" ||
  cannot_write "$SERFX_JOB_STDERR" "stderr cannot be written: $SERFX_JOB_STDERR_TEXT"

{
  umask 077
  SERFX_JOB_PIDS='"pid":'$$,$SERFX_JOB_PIDS
  draft "$(render running)" || fail 'the state file cannot be written: is the disk full?'
  # Once the state says `running`, a SIGINT may come while mv still ends, and bash would forget it.
  trap 'trap - INT; kill -INT $$' INT
  move "$SERFX_JOB_DRAFT" invoking || exit 1
  trap - INT
  umask "$SERFX_JOB_UMASK"
} 2>/dev/null

refused() {
  trap - EXIT
  case $1 in
    126 | 127)
      umask 077
      replace running "$(render failed ',"error":"the system cannot execute the command: '"$SERFX_JOB_COMMAND_TEXT"' (is its interpreter missing, or is an argument too long?)"')"
      ;;
  esac
  exit "$1"
}
# In dash a failed exec ends the shell by way of the trap, in bash only with this option.
# shellcheck disable=SC3044
shopt -s execfail 2>/dev/null
trap 'refused $?' EXIT
# shellcheck disable=SC2093 # What follows is for an exec that failed.
exec "$@"
refused $?
