import { HandlerError } from '../errors'

/** The codes of a {@link HandlerError}. */
export type HandlerErrorCode =
  /** There is no SERF_EVENT: no agent started this script. */
  | 'NO_EVENT'
  /** SERF_EVENT is not one of the seven events. */
  | 'UNKNOWN_EVENT'
  /** A variable that the event needs is missing or invalid. */
  | 'INVALID_ENVIRONMENT'
  /** A line of a member event has too few fields. */
  | 'INVALID_MEMBER'
  /** stdin could not be read; `cause` says why. */
  | 'STDIN_UNREADABLE'
  /** There were more than 32 MiB on stdin. */
  | 'STDIN_TOO_LARGE'
  /** The script has already answered. */
  | 'ALREADY_ANSWERED'
  /** The answer is longer than an agent keeps. Nothing was written, so a shorter answer can still be sent. */
  | 'ANSWER_TOO_LARGE'
  /** stdout did not take the answer, for instance because its reader is gone (`EPIPE`); `cause` says why. */
  | 'ANSWER_NOT_SENT'

export function handlerError(code: HandlerErrorCode, message: string, cause?: unknown): HandlerError {
  return new HandlerError(message, code, cause === undefined ? undefined : { cause })
}
