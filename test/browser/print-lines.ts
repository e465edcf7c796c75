// What the browser tests let processes print. Run by itself it prints `n=0`, `n=1`, … at a rate, for ever or up to a
// count, so that whoever sees the lines can tell whether one is missing.

/** The command that prints so many lines per second, up to `count`. */
export function printLines(perSecond: number, count?: number): string[] {
  return [process.execPath, import.meta.filename, String(perSecond), ...(count ? [String(count)] : [])]
}

/** The command that prints these lines, with `\033` and the like as printf knows them, and stays. */
export function printOnce(...lines: string[]): string[] {
  return ['sh', '-c', `printf '${lines.join(String.raw`\n`)}\\n'; exec sleep 1000`]
}

if (import.meta.main) print(Number(process.argv[2]), Number(process.argv[3] ?? Infinity))

function print(perSecond: number, count: number): void {
  const startedAt = performance.now()
  let next = 0
  const write = (): void => {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1000))
    let text = ''
    while (next < due) text += `n=${next++}\n`
    if (text !== '') process.stdout.write(text)
    if (next === count) clearInterval(timer)
  }
  const timer = setInterval(write, Math.max(10, 1000 / perSecond))
}
