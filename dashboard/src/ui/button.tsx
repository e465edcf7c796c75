// The one button: quiet by default, filled where it is the thing to do, icon-only where space is scarce.
import type { ComponentProps, ReactElement } from 'react'
import { LoaderCircle } from 'lucide-react'
import { classNames } from './class-names.ts'

export interface ButtonProps extends ComponentProps<'button'> {
  look?: 'plain' | 'outline' | 'filled' | 'danger'
  /** Square, for a single icon; give an aria-label. */
  icon?: boolean
  pending?: boolean
}

const looks = {
  plain: 'text-soft hover:bg-hover hover:text-text active:bg-active data-[state=open]:bg-active',
  outline: 'border border-line bg-surface text-text hover:bg-hover active:bg-active data-[state=open]:bg-active',
  filled: 'bg-accent text-on-accent hover:opacity-90 active:opacity-80',
  danger: 'bg-bad text-on-accent hover:opacity-90 active:opacity-80',
}

/** The same dress for a link. */
export function buttonClass({
  look = 'plain',
  icon = false,
  className,
}: Pick<ButtonProps, 'look' | 'icon' | 'className'>): string {
  return classNames(
    'inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md text-xs font-medium whitespace-nowrap transition-colors select-none disabled:opacity-45 [&_svg]:size-3.5 [&_svg]:shrink-0',
    icon ? 'w-7' : 'px-2',
    looks[look],
    className,
  )
}

export function Button({ look, icon, pending, className, children, disabled, ...rest }: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      className={buttonClass({ look, icon, className })}
      {...rest}
    >
      {pending ? <LoaderCircle className="animate-spin" aria-hidden /> : null}
      {pending && icon ? null : children}
    </button>
  )
}
