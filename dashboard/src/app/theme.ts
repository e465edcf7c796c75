// Dark, light, or as the system prefers; what the user chose is remembered (public/theme.js applies it before painting).
import { createStore, type Store } from '../hub/store.ts'

export type Theme = 'system' | 'light' | 'dark'

const key = 'logboom.theme'

function remembered(): Theme {
  const value = document.documentElement.dataset['theme']
  return value === 'dark' || value === 'light' ? value : 'system'
}

export const theme: Store<Theme> = createStore<Theme>(remembered())

export function setTheme(next: Theme): void {
  theme.set(next)
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  try {
    if (next === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, next)
  } catch {
    // Storage is forbidden here: the choice holds until the page is left.
  }
}

const order: Theme[] = ['system', 'light', 'dark']

/** The switch and the key `t` go around: system, light, dark. */
export function nextTheme(): void {
  setTheme(order[(order.indexOf(theme.get()) + 1) % order.length]!)
}
