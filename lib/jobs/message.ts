import { draftPrefix } from './job-files'
import { RESERVED_PREFIX, type Job } from './job-options'
import { EXEC_COMMAND, FINISH, LAUNCH, WAIT } from './scripts'
import { shorten } from './shorten'
import type { Tools } from './tools'

/** What is known of a job before it has a supervisor. */
export interface Plan {
  record: string
  started: number
}

/**
 * The environment variables that pass this job to the scripts, with those that the scripts set themselves:
 * `exec-command.sh` removes all that are in `NAMES` from the environment. Texts for the state file are
 * already JSON, since a shell cannot escape them.
 */
export function messageTo(job: Job, { record, started }: Plan, tools: Tools): NodeJS.ProcessEnv {
  const pieces = inPieces(commandText(job.argv))
  const message: Record<string, string> = {
    AWK: tools.awk,
    COMMAND_TEXT: escaped(job.argv[0]),
    CWD: job.cwd,
    CWD_TEXT: escaped(job.cwd),
    DATE: tools.date,
    DRAFT: draftPrefix(job.state),
    EXEC_COMMAND,
    FINISH,
    LAUNCH,
    MV: tools.mv,
    PERL: tools.perl,
    PIECES: String(pieces.length),
    PS: tools.ps,
    RECORD: record,
    RM: tools.rm,
    ROOM: '',
    SETSID: tools.setsid,
    SH: tools.sh,
    STARTED: String(started),
    STATE: job.state,
    STDERR: job.stderr,
    STDERR_TEXT: escaped(job.stderr),
    STDOUT: job.stdout,
    STDOUT_TEXT: escaped(job.stdout),
    SUPERVISOR: '',
    SUPERVISOR_MARK: '',
    WAIT,
  }
  pieces.forEach((piece, index) => (message[`PIECE_${index}`] = piece))
  message['NAMES'] = ['NAMES', ...Object.keys(message)].map((name) => RESERVED_PREFIX + name).join(' ')
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [RESERVED_PREFIX + name, value]))
}

/**
 * Writes the words of the command for a shell. In single quotes no character is special but the quote itself,
 * and a run of those is put in double quotes. A shell reads all words of one text at once; one by one they
 * would take quadratic time.
 */
function commandText(words: readonly string[]): string {
  return words.map((word) => `'${word.replace(/'+/g, (quotes) => `'"${quotes}"'`)}'`).join(' ')
}

/** Linux limits a variable to 128 KiB. A character has at most 4 bytes and must not be cut. */
function inPieces(text: string): string[] {
  return text.match(/[^]{1,30000}/gu) ?? []
}

function escaped(text: string): string {
  return JSON.stringify(shorten(text, 160)).slice(1, -1)
}
