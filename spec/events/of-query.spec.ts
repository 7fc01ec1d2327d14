import { ofQuery } from '../../lib/events/of-query'
import { itFiltersByName } from '../support/observe/filter-contract'
import { queryEvent, userEvent } from '../support/observe/sample-events'

describe('ofQuery', () => {
  itFiltersByName(ofQuery, queryEvent, userEvent)
})
