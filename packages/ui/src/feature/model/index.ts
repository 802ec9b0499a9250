// Models that the product can fetch for itself: what each brings, what it costs to have, and where it stands.
export { ModelOffer } from './model-offer.tsx';
export { ModelsDialog } from './models-dialog.tsx';
