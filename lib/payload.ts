/** The payload of an event, a query or a response. Strings are sent as UTF-8. */
export type Payload = string | Uint8Array
