import { RECORD } from './record'

/** Records what became of the command: $1 is its exit status, $2 the number of the signal that it died of, or 0. */
export const FINISH = `${RECORD}
if says running; then
  SERFX_JOB_REST=\${SERFX_JOB_LINE#*'"pid":'}
  SERFX_JOB_PID='"pid":'\${SERFX_JOB_REST%%,*},
  SERFX_JOB_REST=\${SERFX_JOB_LINE##*'"identity":"'}
  SERFX_JOB_REST=\${SERFX_JOB_REST%%'"'*}
  SERFX_JOB_REST=\${SERFX_JOB_REST#*/}
  SERFX_JOB_MARK=\${SERFX_JOB_REST%/*}
  if [ "$2" -gt 0 ]; then
    replace "$(render finished ',"signal":"SIG'"$(kill -l "$2" || echo "$2")"'"')"
  else
    replace "$(render finished ',"exitstatus":'"$1")"
  fi
elif says invoking; then
  replace "$(render failed ',"error":"the process that was to become the command ended before (status '"$1"', signal '"$2"')"')"
fi
`
