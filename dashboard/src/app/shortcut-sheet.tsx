// The sheet of all keys, opened by `?`.
import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ReactElement } from 'react'
import { Button } from '../ui/button.tsx'
import { Keys } from '../ui/keys.tsx'

const groups: [title: string, keys: [keys: string, meaning: string][]][] = [
  [
    'Everywhere',
    [
      ['1', 'Processes'],
      ['2', 'Logs'],
      ['3', 'System and audit'],
      ['4', 'Jobs'],
      ['5', 'Runs'],
      ['6', 'Hosts'],
      ['/', 'Search'],
      ['Ctrl K', 'Go to or do anything'],
      ['t', 'Theme: system, light, dark'],
      ['?', 'This sheet'],
    ],
  ],
  [
    'Logs',
    [
      ['Space', 'Pause and resume'],
      ['j k', 'Next and previous line (or arrows)'],
      ['Enter', 'Details of the line'],
      ['g', 'Oldest line that is loaded'],
      ['G', 'Newest line, and follow'],
      ['w', 'Wrap long lines'],
      ['o', 'Order of event time, or of capture'],
      ['Esc', 'Close details, leave the search'],
    ],
  ],
  [
    'System and audit',
    [
      ['p', 'Pause system lines'],
      ['P', 'Pause audit lines'],
      ['F6', 'To the other panel'],
    ],
  ],
  [
    'Jobs and runs',
    [
      ['j k', 'Next and previous row of a list'],
      ['f', 'Follow the newest line, or stay'],
      ['e E', 'Next and previous line on stderr'],
      ['d', 'Download as text'],
      ['F', 'Full screen'],
    ],
  ],
]

export function ShortcutSheet({
  open,
  onOpenChange,
}: {
  open: boolean
  onOpenChange(open: boolean): void
}): ReactElement {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          data-testid="shortcut-sheet"
          className="fixed top-1/2 left-1/2 z-50 max-h-[90vh] w-[min(640px,calc(100vw-24px))] -translate-1/2 overflow-auto rounded-xl border border-line bg-raised p-5 shadow-float focus:outline-none"
        >
          <div className="mb-4 flex items-center justify-between">
            <Dialog.Title className="text-sm font-semibold">Keyboard</Dialog.Title>
            <Dialog.Close asChild>
              <Button icon aria-label="Close">
                <X aria-hidden />
              </Button>
            </Dialog.Close>
          </div>
          <div className="grid gap-6 sm:grid-cols-2">
            {groups.map(([title, keys]) => (
              <section key={title}>
                <h3 className="mb-1 text-2xs font-medium text-faint">{title}</h3>
                <dl>
                  {keys.map(([cap, meaning]) => (
                    <div key={cap} className="flex items-center justify-between gap-4 py-1 text-xs">
                      <dt className="text-soft">{meaning}</dt>
                      <dd>
                        <Keys keys={cap} />
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
