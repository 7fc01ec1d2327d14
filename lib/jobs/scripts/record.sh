# shellcheck shell=sh
# Functions that write the state file; part of exec-command.sh and of finish.sh. All variables have the prefix
# SERFX_JOB_: any other name could belong to the environment of the command.

# The record of status $1; $2 is the outcome as a JSON field, or nothing.
render() {
  # shellcheck disable=SC2059 # The record is a format: recordFormat() in record.ts made it.
  printf "$SERFX_JOB_RECORD" "$1" "$SERFX_JOB_PIDS" "$("$SERFX_JOB_DATE" +%s)" \
    "$SERFX_JOB_SUPERVISOR_MARK" "$SERFX_JOB_MARK" "$2"
}

# Whether the state file is this job's, and says status $1.
says() {
  IFS= read -r SERFX_JOB_LINE <"$SERFX_JOB_STATE" || return 1
  case $SERFX_JOB_LINE in
    '{"status":"'"$1"'",'*'"ppid":'"$SERFX_JOB_SUPERVISOR"',"'*'"identity":"'"$SERFX_JOB_SUPERVISOR_MARK"/*) return 0 ;;
  esac
  return 1
}

# Whether the supervisor lives, and the state file says status $1. A signal still finds a process that is dead
# but not waited for; without /proc that has to do.
in_charge() {
  kill -0 "$SERFX_JOB_SUPERVISOR" && says "$1" || return 1
  IFS= read -r SERFX_JOB_REST <"/proc/$SERFX_JOB_SUPERVISOR/stat" || return 0
  case ${SERFX_JOB_REST##*) } in Z* | X*) return 1 ;; esac
}

# Writes the record $1 to a file of its own. Fails when the disk is full.
draft() {
  printf '%s\n' "$1" >"$SERFX_JOB_DRAFT"
}

# Moves the file $1 over the state file while that says status $2. The file must have been written before this
# looks, so that a reaper, who deletes it once the supervisor is dead, can rely on it:
# docs/decisions/0004-job-supervisor.md.
move() {
  if in_charge "$2"; then
    "$SERFX_JOB_MV" -f "$1" "$SERFX_JOB_STATE"
  else
    "$SERFX_JOB_RM" -f "$1"
    return 1
  fi
}

# Puts the record $2 in the place of one of status $1. The room is a file of blanks that the starter has
# written: overwriting its beginning takes no space on a full disk.
replace() {
  if draft "$2"; then
    move "$SERFX_JOB_DRAFT" "$1"
  else
    printf '%s' "$2" 1<>"$SERFX_JOB_ROOM" && move "$SERFX_JOB_ROOM" "$1"
  fi
}
