// A process for the browser tests: prints `n=0`, `n=1`, … at the given rate, for ever or up to a count, so that whoever
// sees the lines can tell whether one is missing.
const [perSecond, count] = [Number(process.argv[2]), Number(process.argv[3] ?? Infinity)]
const startedAt = performance.now()
let next = 0

const timer = setInterval(
  () => {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1000))
    let text = ''
    while (next < due) text += `n=${next++}\n`
    if (text !== '') process.stdout.write(text)
    if (next === count) clearInterval(timer)
  },
  Math.max(10, 1000 / perSecond),
)
