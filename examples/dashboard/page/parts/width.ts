/**
 * Whether the page is as narrow as a phone: one panel at a time, rows of two lines. main.css has the same
 * limit.
 */
export const narrow = matchMedia('(max-width: 760px)')
