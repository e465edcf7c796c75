// Go to or do anything by typing a few letters of it (Ctrl K).
import { useNavigate } from '@tanstack/react-router'
import { Dialog } from 'radix-ui'
import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { classNames } from '../ui/class-names.ts'
import { setTheme } from './theme.ts'

interface Command {
  title: string
  group: string
  run(): void
}

interface PaletteProps {
  open: boolean
  onOpenChange(open: boolean): void
  showKeys(): void
}

export function CommandPalette({ open, onOpenChange, showKeys }: PaletteProps): ReactElement {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          data-testid="command-palette"
          className="fixed top-[12vh] left-1/2 z-50 w-[min(560px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-raised shadow-float focus:outline-none"
        >
          <Dialog.Title className="sr-only">Commands</Dialog.Title>
          <Palette close={() => onOpenChange(false)} showKeys={showKeys} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Palette({ close, showKeys }: { close(): void; showKeys(): void }): ReactElement {
  const [text, setText] = useState('')
  const [selected, setSelected] = useState(0)
  const listed = useRef<HTMLUListElement>(null)
  const commands = useCommands(showKeys)
  const words = text.toLowerCase().split(/\s+/)
  const found = commands.filter((command) => {
    const title = `${command.group} ${command.title}`.toLowerCase()
    return words.every((word) => title.includes(word))
  })
  const run = (command: Command | undefined): void => {
    if (!command) return
    close()
    command.run()
  }
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(found.length - 1, to))
    setSelected(next)
    listed.current?.children[next]?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') move(selected + 1)
    else if (event.key === 'ArrowUp') move(selected - 1)
    else if (event.key === 'Enter') run(found[selected])
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        autoFocus
        value={text}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={found[selected] ? `command-${selected}` : undefined}
        aria-label="Type a command or the name of a process"
        placeholder="Type a command or the name of a process…"
        className="h-11 w-full border-b border-line bg-transparent px-4 text-sm outline-none"
        onChange={(event) => {
          setText(event.target.value)
          setSelected(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={listed} id="palette-list" role="listbox" aria-label="Commands" className="max-h-80 overflow-auto p-1.5">
        {found.map((command, index) => (
          <li
            key={`${command.group} ${command.title}`}
            id={`command-${index}`}
            role="option"
            aria-selected={index === selected}
            className={classNames(
              'flex justify-between gap-4 rounded-md px-2.5 py-1.5 text-sm',
              index === selected && 'bg-active',
            )}
            onPointerMove={() => setSelected(index)}
            onClick={() => run(command)}
          >
            <span className="truncate">{command.title}</span>
            <span className="shrink-0 text-xs text-faint">{command.group}</span>
          </li>
        ))}
        {found.length === 0 ? (
          <li className="px-2.5 py-6 text-center text-xs text-soft">Nothing is called that</li>
        ) : null}
      </ul>
    </>
  )
}

function useCommands(showKeys: () => void): Command[] {
  const hub = useHub()
  const names = useStore(hub.names)
  const states = useStore(hub.states)
  const navigate = useNavigate()
  const control = (name: string, action: 'start' | 'stop' | 'restart') => (): void => {
    // The card of the process shows what comes of it; without one there, the state does.
    void navigate({ to: '/processes' })
    hub.client.control(name, action).catch(() => undefined)
  }
  return [
    { title: 'Processes', group: 'Go to', run: () => void navigate({ to: '/processes' }) },
    { title: 'Logs of everything', group: 'Go to', run: () => void navigate({ to: '/logs' }) },
    { title: 'System and audit', group: 'Go to', run: () => void navigate({ to: '/audit' }) },
    { title: 'Jobs', group: 'Go to', run: () => void navigate({ to: '/jobs' }) },
    { title: 'Runs', group: 'Go to', run: () => void navigate({ to: '/runs' }) },
    { title: 'Hosts', group: 'Go to', run: () => void navigate({ to: '/hosts' }) },
    { title: 'Sessions', group: 'Go to', run: () => void navigate({ to: '/runs/sessions' }) },
    {
      title: 'Errors only',
      group: 'Go to',
      run: () => void navigate({ to: '/logs', search: { levels: 'ERROR,CRITICAL' } }),
    },
    { title: 'Users and tokens', group: 'Go to', run: () => void navigate({ to: '/access' }) },
    { title: 'My account', group: 'Go to', run: () => void navigate({ to: '/account' }) },
    ...names.map((name) => ({
      title: `Logs of ${name}`,
      group: 'Go to',
      run: () => void navigate({ to: '/logs', search: { sources: name } }),
    })),
    ...names.flatMap((name) => {
      const stopped = ['stopped', 'exited', 'crashed'].includes(states[name] ?? '')
      if (stopped) return [{ title: `Start ${name}`, group: 'Process', run: control(name, 'start') }]
      return [
        { title: `Restart ${name}`, group: 'Process', run: control(name, 'restart') },
        { title: `Stop ${name}`, group: 'Process', run: control(name, 'stop') },
      ]
    }),
    { title: 'Dark', group: 'Theme', run: () => setTheme('dark') },
    { title: 'Light', group: 'Theme', run: () => setTheme('light') },
    { title: 'As the system', group: 'Theme', run: () => setTheme('system') },
    { title: 'Keyboard', group: 'Help', run: showKeys },
  ]
}
