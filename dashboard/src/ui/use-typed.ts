// Text of an input that is applied once it has rested for a moment, and that follows what is applied elsewhere.
import { useEffect, useState } from 'react'

const restMs = 450

export function useTyped(value: string, apply: (text: string) => void): [text: string, set: (text: string) => void] {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => apply(text), restMs)
    return () => clearTimeout(timer)
  }, [text, value, apply])
  return [text, setText]
}
