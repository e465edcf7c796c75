// The dashboard's start in the browser.
import { RouterProvider } from '@tanstack/react-router'
import { Tooltip } from 'radix-ui'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from '../../src/client/index.ts'
import { router } from './app/router.tsx'
import './app/style-nonce.ts'
import { HubProvider } from './hub/hub-context.tsx'
import { openHubState } from './hub/hub-state.ts'
import { hubUrl } from './hub/place.ts'
import './styles.css'

const hub = openHubState(connect(hubUrl))

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <HubProvider value={hub}>
      <Tooltip.Provider delayDuration={350} skipDelayDuration={150}>
        <RouterProvider router={router} />
      </Tooltip.Provider>
    </HubProvider>
  </StrictMode>,
)
