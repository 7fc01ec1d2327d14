/** Posts to the server. Resolves with the reason if it was refused or could not be sent. */
export async function post(path: string, body: object): Promise<string | undefined> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (response.ok) return undefined
    const { error } = (await response.json()) as { error?: string }
    return error ?? `the server answered ${response.status}`
  } catch {
    return 'the server of the dashboard did not answer'
  }
}
