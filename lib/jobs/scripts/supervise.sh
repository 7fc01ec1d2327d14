# Some variables come from the environment; others are set for the next script.
# shellcheck shell=sh disable=SC2153,SC2034
# The supervisor. It is the leader of a session of its own, and waits for the line that tells it its start
# mark. A starter that lost the race, or died, closes the pipe instead. Then the supervisor becomes awk, the
# one small tool of every system that tells an exit with 143 from a death by SIGTERM. With an awk that does
# not (busybox) the shell waits, and takes a status from 129 to 192 for a signal.
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
# shellcheck disable=SC2016 # awk hands this to a shell of its own.
if [ -n "$SERFX_JOB_AWK" ] && "$SERFX_JOB_AWK" 'BEGIN { exit system("kill -KILL $$") == 0 }'; then
  exec "$SERFX_JOB_AWK" "$SERFX_JOB_WAIT" serfx-job
fi
"$SERFX_JOB_SH" -c "$SERFX_JOB_LAUNCH" serfx-job
set -- $? 0
[ "$1" -gt 128 ] && [ "$1" -le 192 ] && set -- 0 $(($1 - 128))
exec "$SERFX_JOB_SH" -c "$SERFX_JOB_FINISH" serfx-job "$@"
