import { events$, ofQuery, respond } from 'serfx/handler'

events$
  .pipe(
    ofQuery('upcase'),
    respond((event) => event.text.toUpperCase()),
  )
  .subscribe()
