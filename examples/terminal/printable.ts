/**
 * Names, tags and payloads come from other nodes: on a terminal they must not move the cursor or change
 * colours.
 */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
