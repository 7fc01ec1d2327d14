/** The last record of a query. */
export const DONE = Symbol('done')
/** A record that means nothing, or nothing yet: a kind that a later Serf may add. */
export const NOISE = Symbol('noise')
