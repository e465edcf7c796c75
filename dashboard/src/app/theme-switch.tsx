// The theme switch of the top bar.
import { Monitor, Moon, Sun } from 'lucide-react'
import type { ReactElement } from 'react'
import { useStore } from '../hub/store.ts'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { nextTheme, theme } from './theme.ts'

const shown = {
  system: { icon: Monitor, text: 'Theme: as the system' },
  light: { icon: Sun, text: 'Theme: light' },
  dark: { icon: Moon, text: 'Theme: dark' },
}

export function ThemeSwitch(): ReactElement {
  const current = useStore(theme)
  const { icon: Icon, text } = shown[current]
  return (
    <Tooltip text={text} keys="t">
      <Button icon aria-label={text} data-testid="theme-switch" data-theme-choice={current} onClick={nextTheme}>
        <Icon aria-hidden />
      </Button>
    </Tooltip>
  )
}
