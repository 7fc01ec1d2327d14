/** Whether the page is as narrow as a telephone: one panel at a time, rows of two lines. As main.css has it. */
export const narrow = matchMedia('(max-width: 760px)')
