import '../src/design/style.css';
import { createRoot } from 'react-dom/client';
import { ComponentPage } from '../src/design/component-page.tsx';
import { DesignRoot } from '../src/design/index.ts';

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <DesignRoot dir="ltr">
      <ComponentPage />
    </DesignRoot>,
  );
}
