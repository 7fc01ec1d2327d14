// Made of the files in lib/jobs/scripts by `npm run job-scripts`: change those, not this.

export const SUPERVISE = `
SERFX_JOB_SUPERVISOR=$$
SERFX_JOB_DRAFT=$SERFX_JOB_DRAFT$$-$SERFX_JOB_STARTED
SERFX_JOB_ROOM=$SERFX_JOB_DRAFT-room
if ! IFS= read -r SERFX_JOB_SUPERVISOR_MARK || [ -z "$SERFX_JOB_SUPERVISOR_MARK" ]; then
  if [ -e "$SERFX_JOB_DRAFT" ] || [ -e "$SERFX_JOB_ROOM" ]; then
    exec "$SERFX_JOB_RM" -f "$SERFX_JOB_DRAFT" "$SERFX_JOB_ROOM"
  fi
  exit 1
fi
exec </dev/null
if [ -n "$SERFX_JOB_AWK" ] && "$SERFX_JOB_AWK" 'BEGIN { exit system("kill -KILL $$") == 0 }'; then
  exec "$SERFX_JOB_AWK" "$SERFX_JOB_WAIT" serfx-job
fi
"$SERFX_JOB_SH" -c "$SERFX_JOB_LAUNCH" serfx-job
set -- $? 0
[ "$1" -gt 128 ] && [ "$1" -le 192 ] && set -- 0 $(($1 - 128))
exec "$SERFX_JOB_SH" -c "$SERFX_JOB_FINISH" serfx-job "$@"
`

export const WAIT = `
BEGIN {
  code = system("exec \\"$SERFX_JOB_SH\\" -c \\"$SERFX_JOB_LAUNCH\\" serfx-job")
  signal = 0
  if (code >= 256) signal = code % 256
  else if (code != int(code)) signal = int(code * 256) % 128
  else if (code > 128 && code <= 192 && ENVIRON["SERFX_JOB_SETSID"] ENVIRON["SERFX_JOB_PERL"] == "") signal = code - 128
  if (signal) code = 0
  system("exec \\"$SERFX_JOB_SH\\" -c \\"$SERFX_JOB_FINISH\\" serfx-job " code " " signal)
}
`

export const LAUNCH = `
[ -n "$SERFX_JOB_SETSID" ] && exec "$SERFX_JOB_SETSID" "$SERFX_JOB_SH" -c "$SERFX_JOB_EXEC_COMMAND" serfx-job
[ -n "$SERFX_JOB_PERL" ] && exec "$SERFX_JOB_PERL" -e 'use POSIX (); POSIX::setsid(); exec {$ARGV[0]} @ARGV' \\
  "$SERFX_JOB_SH" -c "$SERFX_JOB_EXEC_COMMAND" serfx-job
set -m
"$SERFX_JOB_SH" -c "$SERFX_JOB_EXEC_COMMAND" serfx-job
SERFX_JOB_CODE=$?
while :; do
  case $(kill -l "$SERFX_JOB_CODE" 2>/dev/null) in
    STOP | TSTP | TTIN | TTOU) fg >/dev/null; SERFX_JOB_CODE=$? ;;
    *) break ;;
  esac
done
exit "$SERFX_JOB_CODE"
`

export const EXEC_COMMAND = `
render() {
  printf "$SERFX_JOB_RECORD" "$1" "$SERFX_JOB_PIDS" "$("$SERFX_JOB_DATE" +%s)" \\
    "$SERFX_JOB_SUPERVISOR_MARK" "$SERFX_JOB_MARK" "$2"
}
says() {
  IFS= read -r SERFX_JOB_LINE <"$SERFX_JOB_STATE" || return 1
  case $SERFX_JOB_LINE in
    '{"status":"'"$1"'",'*'"ppid":'"$SERFX_JOB_SUPERVISOR"',"'*'"identity":"'"$SERFX_JOB_SUPERVISOR_MARK"/*) return 0 ;;
  esac
  return 1
}
in_charge() {
  kill -0 "$SERFX_JOB_SUPERVISOR" && says "$1" || return 1
  IFS= read -r SERFX_JOB_REST <"/proc/$SERFX_JOB_SUPERVISOR/stat" || return 0
  case \${SERFX_JOB_REST##*) } in Z* | X*) return 1 ;; esac
}
draft() {
  printf '%s\\n' "$1" >"$SERFX_JOB_DRAFT"
}
move() {
  if in_charge "$2"; then
    "$SERFX_JOB_MV" -f "$1" "$SERFX_JOB_STATE"
  else
    "$SERFX_JOB_RM" -f "$1"
    return 1
  fi
}
replace() {
  if draft "$2"; then
    move "$SERFX_JOB_DRAFT" "$1"
  else
    printf '%s' "$2" 1<>"$SERFX_JOB_ROOM" && move "$SERFX_JOB_ROOM" "$1"
  fi
}
for SERFX_JOB_NAME in $SERFX_JOB_NAMES; do
  eval "SERFX_JOB_REST=\\$$SERFX_JOB_NAME; unset $SERFX_JOB_NAME; $SERFX_JOB_NAME=\\$SERFX_JOB_REST"
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
in_charge invoking || exit 1
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
SERFX_JOB_REST=
SERFX_JOB_INDEX=0
while [ "$SERFX_JOB_INDEX" -lt "$SERFX_JOB_PIECES" ]; do
  eval "SERFX_JOB_REST=\\$SERFX_JOB_REST\\$SERFX_JOB_PIECE_$SERFX_JOB_INDEX"
  SERFX_JOB_INDEX=$((SERFX_JOB_INDEX + 1))
done
eval "set -- $SERFX_JOB_REST"
find_command "$1"
[ -e "$SERFX_JOB_FOUND" ] || fail "ENOENT: command not found: $SERFX_JOB_COMMAND_TEXT"
if [ ! -f "$SERFX_JOB_FOUND" ] || [ ! -x "$SERFX_JOB_FOUND" ]; then
  fail "EACCES: command is not an executable file: $SERFX_JOB_COMMAND_TEXT"
fi
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
shopt -s execfail 2>/dev/null
trap 'refused $?' EXIT
exec "$@"
refused $?
`

export const FINISH = `
render() {
  printf "$SERFX_JOB_RECORD" "$1" "$SERFX_JOB_PIDS" "$("$SERFX_JOB_DATE" +%s)" \\
    "$SERFX_JOB_SUPERVISOR_MARK" "$SERFX_JOB_MARK" "$2"
}
says() {
  IFS= read -r SERFX_JOB_LINE <"$SERFX_JOB_STATE" || return 1
  case $SERFX_JOB_LINE in
    '{"status":"'"$1"'",'*'"ppid":'"$SERFX_JOB_SUPERVISOR"',"'*'"identity":"'"$SERFX_JOB_SUPERVISOR_MARK"/*) return 0 ;;
  esac
  return 1
}
in_charge() {
  kill -0 "$SERFX_JOB_SUPERVISOR" && says "$1" || return 1
  IFS= read -r SERFX_JOB_REST <"/proc/$SERFX_JOB_SUPERVISOR/stat" || return 0
  case \${SERFX_JOB_REST##*) } in Z* | X*) return 1 ;; esac
}
draft() {
  printf '%s\\n' "$1" >"$SERFX_JOB_DRAFT"
}
move() {
  if in_charge "$2"; then
    "$SERFX_JOB_MV" -f "$1" "$SERFX_JOB_STATE"
  else
    "$SERFX_JOB_RM" -f "$1"
    return 1
  fi
}
replace() {
  if draft "$2"; then
    move "$SERFX_JOB_DRAFT" "$1"
  else
    printf '%s' "$2" 1<>"$SERFX_JOB_ROOM" && move "$SERFX_JOB_ROOM" "$1"
  fi
}
umask 077
SERFX_JOB_PIDS='"ppid":'$SERFX_JOB_SUPERVISOR,
if says running; then
  SERFX_JOB_REST=\${SERFX_JOB_LINE#*'"pid":'}
  SERFX_JOB_PIDS='"pid":'\${SERFX_JOB_REST%%,*},$SERFX_JOB_PIDS
  SERFX_JOB_REST=\${SERFX_JOB_LINE##*'"identity":"'}
  SERFX_JOB_REST=\${SERFX_JOB_REST%%'"'*}
  SERFX_JOB_REST=\${SERFX_JOB_REST#*/}
  SERFX_JOB_MARK=\${SERFX_JOB_REST%/*}
  if [ "$2" -gt 0 ]; then
    SERFX_JOB_REST=$(kill -l "$2" || echo "$2")
    [ "$SERFX_JOB_REST" = 16 ] && SERFX_JOB_REST=STKFLT
    replace running "$(render finished ',"signal":"SIG'"$SERFX_JOB_REST"'"')"
  else
    replace running "$(render finished ',"exitstatus":'"$1")"
  fi
elif says invoking; then
  replace invoking "$(render failed ',"error":"the process that was to execute the command ended before (status '"$1"', signal '"$2"')"')"
fi
exec "$SERFX_JOB_RM" -f "$SERFX_JOB_DRAFT" "$SERFX_JOB_ROOM"
`
