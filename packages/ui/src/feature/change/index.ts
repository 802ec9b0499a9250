// What becomes, or became, of files: their lines before and after.
export * from './file-difference.tsx';
