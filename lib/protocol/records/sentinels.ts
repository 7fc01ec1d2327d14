/** The last record of a query. */
export const DONE = Symbol('done')
/** A record to be ignored: it has no meaning, or it is of a kind that a later Serf may add. */
export const NOISE = Symbol('noise')
