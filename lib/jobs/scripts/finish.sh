# shellcheck shell=sh disable=SC2153,SC2034 # record.sh, which goes before this, uses the variables.
# Records what became of the command: $1 is its exit status, $2 the number of the signal that ended it, or 0.
umask 077
SERFX_JOB_PIDS='"ppid":'$SERFX_JOB_SUPERVISOR,
if says running; then
  SERFX_JOB_REST=${SERFX_JOB_LINE#*'"pid":'}
  SERFX_JOB_PIDS='"pid":'${SERFX_JOB_REST%%,*},$SERFX_JOB_PIDS
  SERFX_JOB_REST=${SERFX_JOB_LINE##*'"identity":"'}
  SERFX_JOB_REST=${SERFX_JOB_REST%%'"'*}
  SERFX_JOB_REST=${SERFX_JOB_REST#*/}
  SERFX_JOB_MARK=${SERFX_JOB_REST%/*}
  if [ "$2" -gt 0 ]; then
    SERFX_JOB_REST=$(kill -l "$2" || echo "$2")
    # dash has no name for it.
    [ "$SERFX_JOB_REST" = 16 ] && SERFX_JOB_REST=STKFLT
    replace running "$(render finished ',"signal":"SIG'"$SERFX_JOB_REST"'"')"
  else
    replace running "$(render finished ',"exitstatus":'"$1")"
  fi
elif says invoking; then
  replace invoking "$(render failed ',"error":"the process that was to execute the command ended before (status '"$1"', signal '"$2"')"')"
fi
exec "$SERFX_JOB_RM" -f "$SERFX_JOB_DRAFT" "$SERFX_JOB_ROOM"
