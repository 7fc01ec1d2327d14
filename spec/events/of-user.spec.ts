import { ofUser } from '../../lib/events/of-user'
import { itFiltersByName } from '../support/observe/filter-contract'
import { queryEvent, userEvent } from '../support/observe/sample-events'

describe('ofUser', () => {
  itFiltersByName(ofUser, userEvent, queryEvent)
})
