// A group of boxes of which any may be ticked.
import type { ReactElement } from 'react'

interface CheckBoxesProps<Value extends string> {
  label: string
  /** With what each means. */
  choices: readonly (readonly [value: Value, meaning: string])[]
  values: readonly Value[]
  onChange(values: Value[]): void
}

export function CheckBoxes<Value extends string>({
  label,
  choices,
  values,
  onChange,
}: CheckBoxesProps<Value>): ReactElement {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-soft">{label}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {choices.map(([value, meaning]) => (
          <label key={value} className="flex min-h-6 items-center gap-1.5">
            <input
              type="checkbox"
              checked={values.includes(value)}
              className="accent-accent"
              onChange={({ target }) =>
                onChange(
                  choices
                    .map(([each]) => each)
                    .filter((each) => (each === value ? target.checked : values.includes(each))),
                )
              }
            />
            <span>
              {value} <span className="text-soft">{meaning}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
