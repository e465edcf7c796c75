// A stage as somebody would add it: a field that says how loud the message was.
import type { StageType } from '../../../src/contracts/stage.ts'

export const part: StageType<{ mark: string }> = {
  name: 'shout',
  options: (z) => z.strictObject({ mark: z.string().default('loud') }),
  open: ({ mark }) => ({
    apply: (batch) => ({
      ...batch,
      extras(index) {
        const extras = batch.extras(index)
        return { ...extras, fields: { ...extras?.fields, shout: mark } }
      },
    }),
  }),
}
