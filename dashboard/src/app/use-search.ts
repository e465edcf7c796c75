// The address's parameters and a way to change them without leaving the page or filling its history.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type SearchText = Record<string, string>

export function useSearchText(): [SearchText, (next: SearchText) => void] {
  const search: SearchText = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = useCallback((next: SearchText) => void navigate({ to: '.', search: next, replace: true }), [navigate])
  return [search, change]
}
