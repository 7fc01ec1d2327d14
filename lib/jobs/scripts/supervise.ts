/**
 * The supervisor, in a session of its own. It waits to be told the mark that it was recorded with; a starter that lost the race,
 * or died before, closes the pipe instead. Then it becomes awk, the one small tool of every system that tells an exit with
 * 143 from a death by SIGTERM. With an awk that does not (busybox) the shell waits, and takes what is above 128 for a signal.
 */
export const SUPERVISE = `
IFS= read -r SERFX_JOB_SUPERVISOR_MARK && [ -n "$SERFX_JOB_SUPERVISOR_MARK" ] || exit 1
exec </dev/null
SERFX_JOB_SUPERVISOR=$$
SERFX_JOB_TEMPORARY=$SERFX_JOB_TEMPORARY$$
export SERFX_JOB_SUPERVISOR SERFX_JOB_SUPERVISOR_MARK SERFX_JOB_TEMPORARY
if [ -n "$SERFX_JOB_AWK" ] && "$SERFX_JOB_AWK" 'BEGIN { exit system("kill -KILL $$") == 0 }'; then
  exec "$SERFX_JOB_AWK" "$SERFX_JOB_WAIT" serfx-job
fi
"$SERFX_JOB_SH" -c "$SERFX_JOB_LAUNCH" serfx-job
set -- $? 0
[ "$1" -gt 128 ] && set -- 0 $(($1 - 128))
exec "$SERFX_JOB_SH" -c "$SERFX_JOB_FINISH" serfx-job "$@"
`

/**
 * Of a death by signal n, system() says 256 + n, or 512 + n with a core dump; in older awks n / 256, or (128 + n) / 256. Where a shell with
 * `set -m` stands between, it hears that shell's 128 + n.
 */
export const WAIT = `
BEGIN {
  code = system("exec \\"$SERFX_JOB_SH\\" -c \\"$SERFX_JOB_LAUNCH\\" serfx-job")
  signal = 0
  if (code >= 256) signal = code % 256
  else if (code != int(code)) signal = int(code * 256) % 128
  else if (code > 128 && ENVIRON["SERFX_JOB_SETSID"] ENVIRON["SERFX_JOB_PERL"] == "") signal = code - 128
  if (signal) code = 0
  system("exec \\"$SERFX_JOB_SH\\" -c \\"$SERFX_JOB_FINISH\\" serfx-job " code " " signal)
}
`

/** Gives the command a process group of its own, in the foreground: a shell's & would leave it deaf to SIGINT and SIGQUIT. */
export const LAUNCH = `
[ -n "$SERFX_JOB_SETSID" ] && exec "$SERFX_JOB_SETSID" "$SERFX_JOB_SH" -c "$SERFX_JOB_BECOME" serfx-job
[ -n "$SERFX_JOB_PERL" ] && exec "$SERFX_JOB_PERL" -e 'use POSIX (); POSIX::setsid(); exec {$ARGV[0]} @ARGV' \\
  "$SERFX_JOB_SH" -c "$SERFX_JOB_BECOME" serfx-job
set -m
"$SERFX_JOB_SH" -c "$SERFX_JOB_BECOME" serfx-job
SERFX_JOB_CODE=$?
# A shell with job control returns when the command is stopped, too. It cannot wait on: it has it go on.
while :; do
  case $(kill -l "$SERFX_JOB_CODE" 2>/dev/null) in
    STOP | TSTP | TTIN | TTOU) fg >/dev/null; SERFX_JOB_CODE=$? ;;
    *) break ;;
  esac
done
exit "$SERFX_JOB_CODE"
`
