/** A Markdown table. All columns but the first are aligned to the right. */
export function table(columns, rows) {
  const rule = columns.map((_, index) => (index === 0 ? '---' : '---:'))
  return [columns, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
