import { createHash } from 'node:crypto'

/**
 * Rendezvous hashing: each node has a different weight for each task, and the node with the largest weight
 * owns the task. All nodes get the same result without asking each other, and when a node is lost only its
 * tasks move.
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
