# shellcheck shell=sh
# Gives the command a process group of its own, in the foreground: with & the shell would leave it deaf to
# SIGINT and SIGQUIT.
[ -n "$SERFX_JOB_SETSID" ] && exec "$SERFX_JOB_SETSID" "$SERFX_JOB_SH" -c "$SERFX_JOB_EXEC_COMMAND" serfx-job
# shellcheck disable=SC2016 # perl reads this.
[ -n "$SERFX_JOB_PERL" ] && exec "$SERFX_JOB_PERL" -e 'use POSIX (); POSIX::setsid(); exec {$ARGV[0]} @ARGV' \
  "$SERFX_JOB_SH" -c "$SERFX_JOB_EXEC_COMMAND" serfx-job
set -m
"$SERFX_JOB_SH" -c "$SERFX_JOB_EXEC_COMMAND" serfx-job
SERFX_JOB_CODE=$?
# A shell with job control also returns when the command is stopped. It cannot wait again without continuing
# it.
while :; do
  case $(kill -l "$SERFX_JOB_CODE" 2>/dev/null) in
    STOP | TSTP | TTIN | TTOU) fg >/dev/null; SERFX_JOB_CODE=$? ;;
    *) break ;;
  esac
done
exit "$SERFX_JOB_CODE"
