// An input with its label above and, where it needs one, a hint below.
import { useId, type ComponentProps, type ReactElement } from 'react'
import { classNames } from '../class-names.ts'

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  label: string
  hint?: string
  value: string
  onChange(value: string): void
}

export function TextField({ label, hint, value, onChange, className, ...rest }: TextFieldProps): ReactElement {
  const id = useId()
  const hintId = `${id}hint`
  return (
    <span className={classNames('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="font-medium text-soft">
        {label}
      </label>
      <input
        id={id}
        value={value}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        aria-describedby={hint === undefined ? undefined : hintId}
        className="h-7 w-full min-w-0 rounded-md border border-line-strong bg-canvas px-2 text-text"
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
      {hint === undefined ? null : (
        <span id={hintId} className="text-2xs text-soft">
          {hint}
        </span>
      )}
    </span>
  )
}
