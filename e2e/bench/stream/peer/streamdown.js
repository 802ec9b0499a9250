import { createElement } from 'react';
import { Streamdown } from 'streamdown';
import { serve } from './serve.js';
import './streamdown.css';

// As its own page has it: no colours of code, which is a plugin, and no animation of words.
serve((text) => createElement(Streamdown, null, text));
