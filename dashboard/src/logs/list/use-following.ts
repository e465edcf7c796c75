// Keeps the newest line in sight, lets go the moment somebody scrolls up, and takes hold again at the end. Scroll
// events alone come too late for this when a redraw scrolls down in the same frame, so wheel and touch are watched too.
import { useLayoutEffect, useRef, type PointerEvent, type RefObject, type WheelEvent } from 'react'
import type { FeedMode } from '../feed/feed-state.ts'

interface Surroundings {
  /** There are newer lines than those at the end of the list. */
  detached: boolean
  loadOlder(): void
  loadNewer(): void
}

interface ScrollEvents {
  onScroll(): void
  onWheel(event: WheelEvent): void
  onTouchStart(): void
  onTouchEnd(): void
  onPointerDown(event: PointerEvent): void
  onPointerUp(): void
}

export interface Following {
  events: ScrollEvents
  /** The next redraw ends at the newest line. */
  isAtEnd(): boolean
}

const nearPx = 600

export function useFollowing(
  scroller: RefObject<HTMLElement | null>,
  mode: FeedMode,
  onModeChange: (mode: 'follow' | 'read') => void,
  { detached, loadOlder, loadNewer }: Surroundings,
): Following {
  /** Somebody holds the scrollbar or the page itself: do not pull it away. */
  const held = useRef(false)
  const lastTop = useRef(0)

  // After every redraw, since wrapped lines change their heights when they are measured.
  useLayoutEffect(() => {
    const element = scroller.current
    if (mode !== 'follow' || held.current || !element) return
    element.scrollTop = element.scrollHeight
    lastTop.current = element.scrollTop
  })

  const events: ScrollEvents = {
    onScroll() {
      const element = scroller.current!
      const { scrollTop, scrollHeight, clientHeight } = element
      const up = scrollTop < lastTop.current - 1
      const down = scrollTop > lastTop.current + 1
      lastTop.current = scrollTop
      const below = scrollHeight - scrollTop - clientHeight
      const leaves = mode === 'follow' && up && below > 4
      if (leaves) onModeChange('read')
      // A jump to the top (Home, the scrollbar) both leaves the newest and asks for older lines.
      if (mode === 'follow' && !leaves) return
      // Also when nothing moved: somebody holds the page at its top while older lines push it down.
      if (!down && scrollTop < nearPx) loadOlder()
      if (down && detached && below < nearPx) loadNewer()
      if (down && below < 4 && mode === 'read' && !detached) onModeChange('follow')
    },
    onWheel({ deltaY }) {
      if (deltaY >= 0) return
      if (mode === 'follow') onModeChange('read')
      if (scroller.current!.scrollTop < nearPx) loadOlder()
    },
    onTouchStart: () => void (held.current = true),
    onTouchEnd: () => void (held.current = false),
    onPointerDown({ target, nativeEvent }) {
      if (target === scroller.current && nativeEvent.offsetX > scroller.current!.clientWidth) held.current = true
    },
    onPointerUp: () => void (held.current = false),
  }
  return { events, isAtEnd: () => mode === 'follow' && !held.current }
}
