/** What an event, a query or a response carries. Strings travel as UTF-8. */
export type Payload = string | Uint8Array
