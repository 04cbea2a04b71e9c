/** The parser's script as text; made by the build (build/pdf-frame.ts). */
declare module 'virtual:pdf-worker' {
  const code: string;
  export default code;
}
