// A source as somebody would add it: counts to a number, a record each, and names two addresses.
import type { SourceType } from '../../../src/contracts/source.ts'

export const part: SourceType<{ upTo: number }> = {
  type: 'ticks',
  section: 'ticks',
  options: (z) => z.strictObject({ upTo: z.int().min(1) }),
  async open({ upTo }, context) {
    const { run } = context.runs.begin({})
    const entries = Array.from({ length: upTo }, (_, index) => ({ message: `tick ${index + 1}` }))
    const addresses = ['10.0.0.7', '110.0.0.7'].map((address) => ({ message: `from ${address}` }))
    await context.push({ run, pid: 0 }, [...entries, ...addresses])
    return {
      status: () => ({ name: context.name, type: 'ticks', state: 'running', run, restarts: 0 }),
      close: () => Promise.resolve(),
    }
  },
}
