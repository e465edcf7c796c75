// The files of a tree as a graph of imports: which of them go round in circles, and how many a chain of imports has at most.

export type ImportGraph = ReadonlyMap<string, readonly string[]>

/** Groups of two and more files that reach each other, or one that imports itself; largest first (Tarjan's algorithm). */
export function findCircles(graph: ImportGraph): string[][] {
  return groupsOf(graph)
    .filter((group) => group.length > 1 || graph.get(group[0]!)?.includes(group[0]!) === true)
    .sort((a, b) => b.length - a.length)
}

/** The longest chain of imports, from the file that begins it; a circle counts as many files as it has. */
export function longestChain(graph: ImportGraph): string[] {
  const groups = groupsOf(graph)
  const groupOf = new Map(groups.flatMap((group) => group.map((file) => [file, group] as const)))
  const chains = new Map<string[], string[]>()
  // A group comes after all that it imports.
  for (const group of groups) {
    let longest: string[] = []
    for (const file of group)
      for (const target of graph.get(file) ?? []) {
        const below = groupOf.get(target)
        const chain = below && below !== group ? chains.get(below)! : []
        if (chain.length > longest.length) longest = chain
      }
    chains.set(group, [...group, ...longest])
  }
  return [...chains.values()].reduce((best, chain) => (chain.length > best.length ? chain : best), [])
}

/** Strongly connected components, each after all that it imports. */
function groupsOf(graph: ImportGraph): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const groups: string[][] = []
  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.get(file)!)
    stack.push(file)
    onStack.add(file)
    for (const target of graph.get(file) ?? []) {
      if (!graph.has(target)) continue
      if (!order.has(target)) visit(target)
      if (onStack.has(target)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!))
    }
    if (lowest.get(file) !== order.get(file)) return
    const group = stack.splice(stack.indexOf(file))
    for (const member of group) onStack.delete(member)
    groups.push(group)
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return groups
}
