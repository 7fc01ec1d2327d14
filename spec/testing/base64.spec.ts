import { illegalBase64At } from '../../lib/testing/cluster/base64'

/** What Go 1.19 says of each. */
it.each([
  ['', undefined],
  ['YWJj', undefined],
  ['YWI=', undefined],
  ['YQ==', undefined],
  ['YW\nJj\n', undefined],
  ['!', 0],
  ['YWJ!', 3],
  ['YWJ', 0],
  ['YWJjZ', 4],
  ['YQ=', 3],
  ['YQ=x', 3],
  ['=', 0],
  ['Y=', 1],
  ['YQ==x', 4],
  ['YWI=x', 4],
])('%j is illegal at %p', (text, place) => {
  expect(illegalBase64At(text)).toBe(place)
})
