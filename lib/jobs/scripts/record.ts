/**
 * Shell functions that write the state file, and only while it is this supervisor's own: somebody may have removed it, and
 * started another job in its place.
 */
export const RECORD = `
render() {
  printf '{"status":"%s",%s%s"ppid":%s,"started":%s,"time":%s,"boot":"%s","identity":"%s/%s/%s"%s}' \\
    "$1" "$SERFX_JOB_NAME" "$SERFX_JOB_PID" "$SERFX_JOB_SUPERVISOR" \\
    "$SERFX_JOB_STARTED" "$("$SERFX_JOB_DATE" +%s)" "$SERFX_JOB_BOOT" \\
    "$SERFX_JOB_SUPERVISOR_MARK" "$SERFX_JOB_MARK" "$SERFX_JOB_STARTED" "$2"
}
replace() {
  (umask 077 && printf '%s\\n' "$1" >"$SERFX_JOB_TEMPORARY") &&
    "$SERFX_JOB_MV" -f "$SERFX_JOB_TEMPORARY" "$SERFX_JOB_STATE"
}
says() {
  IFS= read -r SERFX_JOB_LINE <"$SERFX_JOB_STATE" || return 1
  case $SERFX_JOB_LINE in
    '{"status":"'"$1"'",'*'"ppid":'"$SERFX_JOB_SUPERVISOR"',"'*'"identity":"'"$SERFX_JOB_SUPERVISOR_MARK"/*) return 0 ;;
  esac
  return 1
}
`
