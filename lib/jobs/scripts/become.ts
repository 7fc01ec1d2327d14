import { RECORD } from './record'

/** What the process that becomes the command is told, and takes out of its environment before it does. */
export const PASSED = [
  'AWK',
  'BECOME',
  'BOOT',
  'COMMAND_TEXT',
  'COUNT',
  'CWD',
  'CWD_TEXT',
  'DATE',
  'FINISH',
  'LAUNCH',
  'MARK',
  'MV',
  'NAME',
  'PERL',
  'PID',
  'PS',
  'SETSID',
  'SH',
  'STARTED',
  'STATE',
  'STDERR',
  'STDERR_TEXT',
  'STDOUT',
  'STDOUT_TEXT',
  'SUPERVISOR',
  'SUPERVISOR_MARK',
  'TEMPORARY',
  'WAIT',
] as const

/**
 * The process that becomes the command. All that can fail is tried first, then `running` is recorded, then only `exec` is left. Every
 * variable has the prefix: any other name could be one of the command's own environment.
 */
export const BECOME = `${RECORD}
fail() {
  says invoking && replace "$(render failed ',"error":"'"$1"'"')"
  exit 1
}
cannot_write() {
  if [ -d "$1" ]; then fail "EISDIR: $2"; fi
  if [ -w "$1" ]; then fail "$2"; fi
  if [ -e "$1" ] || [ -d "\${1%/*}/" ]; then fail "EACCES: $2"; fi
  fail "ENOENT: $2"
}
find_command() {
  case $1 in */*) SERFX_JOB_FOUND=$1; return ;; esac
  SERFX_JOB_FOUND=
  SERFX_JOB_REST=\${PATH-/usr/bin:/bin}:
  while [ -n "$SERFX_JOB_REST" ]; do
    SERFX_JOB_LINE=\${SERFX_JOB_REST%%:*}
    SERFX_JOB_LINE=\${SERFX_JOB_LINE:-.}/$1
    SERFX_JOB_REST=\${SERFX_JOB_REST#*:}
    [ -f "$SERFX_JOB_LINE" ] || continue
    SERFX_JOB_FOUND=$SERFX_JOB_LINE
    [ -x "$SERFX_JOB_LINE" ] && return
  done
}

# A supervisor that is gone, or not in charge any more, gets nothing started. A signal still finds one that is dead, but whose parent
# has not looked yet; where there is no /proc that has to do.
in_charge() {
  kill -0 "$SERFX_JOB_SUPERVISOR" && says invoking || return 1
  IFS= read -r SERFX_JOB_LINE <"/proc/$SERFX_JOB_SUPERVISOR/stat" || return 0
  case \${SERFX_JOB_LINE##*) } in Z*) return 1 ;; esac
}
in_charge || exit 1
if IFS= read -r SERFX_JOB_LINE </proc/$$/stat; then
  set -- \${SERFX_JOB_LINE##*) }
  SERFX_JOB_REST=$3
  SERFX_JOB_MARK=\${20}
else
  set -- $(LC_ALL=C TZ=UTC0 "$SERFX_JOB_PS" -o pgid= -o lstart= -p $$)
  SERFX_JOB_REST=$1
  shift
  SERFX_JOB_MARK=$*
fi
[ "$SERFX_JOB_REST" = $$ ] || fail 'the command cannot have a process group of its own: install setsid (util-linux)'

if [ ! -e "$SERFX_JOB_CWD" ]; then fail "ENOENT: cwd does not exist: $SERFX_JOB_CWD_TEXT"; fi
if [ ! -d "$SERFX_JOB_CWD" ]; then fail "ENOTDIR: cwd is not a folder: $SERFX_JOB_CWD_TEXT"; fi
cd "$SERFX_JOB_CWD" || fail "EACCES: cwd may not be entered: $SERFX_JOB_CWD_TEXT"

set --
SERFX_JOB_INDEX=0
while [ "$SERFX_JOB_INDEX" -lt "$SERFX_JOB_COUNT" ]; do
  eval "set -- \\"\\$@\\" \\"\\$SERFX_JOB_$SERFX_JOB_INDEX\\""
  unset "SERFX_JOB_$SERFX_JOB_INDEX"
  SERFX_JOB_INDEX=$((SERFX_JOB_INDEX + 1))
done
find_command "$1"
[ -e "$SERFX_JOB_FOUND" ] || fail "ENOENT: command not found: $SERFX_JOB_COMMAND_TEXT"
[ -f "$SERFX_JOB_FOUND" ] && [ -x "$SERFX_JOB_FOUND" ] ||
  fail "EACCES: command is not an executable file: $SERFX_JOB_COMMAND_TEXT"
# exec would take a name that begins with a dash for an option.
case $1 in
  -*/*) SERFX_JOB_FOUND=./$1; shift; set -- "$SERFX_JOB_FOUND" "$@" ;;
  -*) shift; set -- "$SERFX_JOB_FOUND" "$@" ;;
esac

command exec >>"$SERFX_JOB_STDOUT" ||
  cannot_write "$SERFX_JOB_STDOUT" "stdout cannot be written: $SERFX_JOB_STDOUT_TEXT"
command exec 2>>"$SERFX_JOB_STDERR" ||
  cannot_write "$SERFX_JOB_STDERR" "stderr cannot be written: $SERFX_JOB_STDERR_TEXT"

# Everything that is needed from here on, in names that are not in the environment.
SERFX_JOB_PID='"pid":'$$,
SERFX_JOB_RUNNING=$(render running)
SERFX_JOB_REFUSED=$(render failed ',"error":"the system cannot execute the command: '"$SERFX_JOB_COMMAND_TEXT"'"')
SERFX_JOB_FROM=$SERFX_JOB_TEMPORARY
SERFX_JOB_TO=$SERFX_JOB_STATE
SERFX_JOB_MOVE=$SERFX_JOB_MV
put() {
  (umask 077 && printf '%s\\n' "$1" >"$SERFX_JOB_FROM") && "$SERFX_JOB_MOVE" -f "$SERFX_JOB_FROM" "$SERFX_JOB_TO"
}
give_up() {
  trap - EXIT
  case $1 in 126 | 127) put "$SERFX_JOB_REFUSED" ;; esac
  exit "$1"
}
in_charge 2>/dev/null || exit 1
unset ${PASSED.map((name) => `SERFX_JOB_${name}`).join(' ')}
# In dash a failed exec ends the shell by way of the trap, in bash only so with this option.
shopt -s execfail 2>/dev/null
put "$SERFX_JOB_RUNNING" 2>/dev/null || exit 1
trap 'give_up $?' EXIT
exec "$@"
give_up $?
`
