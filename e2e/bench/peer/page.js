// Plain React Flow: labelled nodes at the places, and through the camera, that the address names.
import { ReactFlow } from '@xyflow/react';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import '@xyflow/react/dist/style.css';

const asked = new URLSearchParams(location.search);
const number = (name) => Number(asked.get(name));
const [count, columns] = [number('count'), number('columns')];
const [width, height, gap] = [number('width'), number('height'), number('gap')];
const board = document.getElementById('board');
board.style.width = `${number('boardWidth')}px`;
board.style.height = `${number('boardHeight')}px`;

document.getElementById('open').addEventListener('click', () => {
  const defaultNodes = Array.from({ length: count }, (_, index) => ({
    id: `note-${index}`,
    position: {
      x: (index % columns) * (width + gap),
      y: Math.floor(index / columns) * (height + gap),
    },
    data: { label: `Note ${index}` },
    style: { width, height },
  }));
  const flow = createElement(ReactFlow, {
    defaultNodes,
    defaultEdges: [],
    defaultViewport: { x: number('x'), y: number('y'), zoom: number('zoom') },
    minZoom: 0.02,
    panOnScroll: true,
    onlyRenderVisibleElements: true,
  });
  createRoot(board).render(flow);
});
