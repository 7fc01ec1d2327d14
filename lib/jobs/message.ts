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
 * The environment variables in which the scripts get this job, those that they set themselves included: `exec-command.sh` takes all that
 * are in `NAMES` out of the environment. Texts for the state file are JSON already, since a shell cannot escape.
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
 * The words of the command as a shell reads them. In single quotes no character is special but the quote itself; a run of
 * those stands in double quotes. A shell makes all words of one text at once; one by one their number would count squared.
 */
export function commandText(words: readonly string[]): string {
  return words.map((word) => `'${word.replace(/'+/g, (quotes) => `'"${quotes}"'`)}'`).join(' ')
}

/** Linux limits one variable to 128 KiB. A character takes at most 4 bytes, and is not cut in two. */
function inPieces(text: string): string[] {
  return text.match(/[^]{1,30000}/gu) ?? []
}

function escaped(text: string): string {
  return JSON.stringify(shorten(text, 160)).slice(1, -1)
}
