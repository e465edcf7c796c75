// Whether an element has the whole screen, and the switch for it.
import { useEffect, useState, type RefObject } from 'react'

export interface FullScreen {
  isOn: boolean
  toggle(): void
}

export function useFullScreen(element: RefObject<HTMLElement | null>): FullScreen {
  const [isOn, setOn] = useState(false)
  useEffect(() => {
    const look = (): void => setOn(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [])
  return {
    isOn,
    toggle() {
      // A browser that does not allow it leaves the page as it is.
      const done = isOn ? document.exitFullscreen() : element.current?.requestFullscreen()
      done?.catch(() => undefined)
    },
  }
}
