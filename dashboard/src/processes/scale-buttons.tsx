// Buttons for an instance more or less of a process that runs several times, and why that failed.
import { Minus, Plus } from 'lucide-react'
import { useState, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { toLogboomError } from '../hub/to-logboom-error.ts'
import { useMay } from '../hub/use-may.ts'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

interface ScaleButtonsProps {
  name: string
  /** Now. */
  instances: number
}

export function ScaleButtons({ name, instances }: ScaleButtonsProps): ReactElement | null {
  const { client } = useHub()
  const mayControl = useMay('control')
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<string>()
  const scale = async (wanted: number): Promise<void> => {
    setPending(true)
    try {
      const results = await client.scale({ name, instances: wanted })
      setFailure(results.find(({ error }) => error)?.error?.message)
    } catch (error) {
      setFailure(toLogboomError(error).message)
    }
    setPending(false)
  }
  const button = (label: string, wanted: number, icon: ReactElement): ReactElement => (
    <Tooltip text={label}>
      <Button icon aria-label={label} disabled={pending || wanted < 1} onClick={() => void scale(wanted)}>
        {icon}
      </Button>
    </Tooltip>
  )
  if (!mayControl) return null
  return (
    <div className="flex items-center gap-0.5">
      {button(`One instance of ${name} less`, instances - 1, <Minus aria-hidden />)}
      <span className="min-w-4 text-center text-2xs text-faint tabular-nums">{instances}</span>
      {button(`One more instance of ${name}`, instances + 1, <Plus aria-hidden />)}
      {failure === undefined ? null : (
        <span role="alert" className="min-w-0 truncate text-xs text-bad">
          {failure}
        </span>
      )}
    </div>
  )
}
