// Models: those people added and what each was measured to do, and those that the product can fetch for itself.
export { ModelOffer } from './model-offer.tsx';
export { ModelsPage } from './models-page.tsx';
