// Whether an element can be seen, or will be after a little scrolling: cards out of sight ask the hub for nothing.
import { useEffect, useState, type RefObject } from 'react'

/** About a screen, so that cards have their lines before they come into sight. */
const aheadPx = '800px'

export function useInSight(element: RefObject<HTMLElement | null>): boolean {
  const [isInSight, setInSight] = useState(false)
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => setInSight(entries.at(-1)!.isIntersecting), {
      rootMargin: aheadPx,
      scrollMargin: aheadPx,
    })
    observer.observe(element.current!)
    return () => observer.disconnect()
  }, [element])
  return isInSight
}
