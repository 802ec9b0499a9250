// Names and words of the examination's texts. Places and products are nobody's, so that nothing about them can be known beforehand.

export const PEOPLE = [
  ...['Amara Okafor', 'Jonas Lindqvist', 'Mei Tanaka', 'Rafael Duarte', 'Ines Varga', 'Tomasz Zielski'],
  ...['Leila Haddad', 'Owen Pritchard', 'Nadia Petrova', 'Samuel Osei', 'Greta Holm', 'Pavel Novotny'],
] as const;
export const PLACES = [
  ...['Torvik', 'Belhaven', 'Osterlund', 'Marrowick', 'Calden', 'Vessely', 'Hartmoor', 'Quillon', 'Drenby'],
] as const;
export const PRODUCTS = ['Notewell', 'Paperkite', 'Tidemark', 'Quickmap', 'Slatebook', 'Fernwood'] as const;
export const THINGS = ['kettle', 'ladder', 'lantern', 'blanket', 'compass', 'toolbox', 'mirror'] as const;
export const COLOURS = ['red', 'green', 'blue', 'white', 'black'] as const;
export const MONTHS = ['January', 'March', 'April', 'June', 'August', 'October', 'November'] as const;
export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] as const;
export const FOLDERS = ['reports', 'letters', 'budget', 'minutes', 'recipes', 'travel'] as const;
export const WORDS = ['deadline', 'invoice', 'password', 'warranty', 'refund', 'delivery'] as const;
