import { createHash } from 'node:crypto'

/**
 * Rendezvous hashing: each node has a weight of its own for each task, and the heaviest node has the task. All nodes come to the same
 * result without a word, and when one is lost only its tasks move.
 */
export function ownerOf(task: string, nodes: readonly string[]): string | undefined {
  const [heaviest] = nodes
    .map((node) => ({ node, weight: weightOf(task, node) }))
    .sort((a, b) => (a.weight > b.weight ? -1 : 1))
  return heaviest?.node
}

export const tasksOf = (node: string, tasks: readonly string[], nodes: readonly string[]): string[] =>
  tasks.filter((task) => ownerOf(task, nodes) === node)

const weightOf = (task: string, node: string): string =>
  createHash('sha256')
    .update(JSON.stringify([task, node]))
    .digest('hex')
