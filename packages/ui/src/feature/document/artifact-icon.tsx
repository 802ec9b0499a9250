import {
  BookOpen,
  Boxes,
  Bug,
  ChartNoAxesColumn,
  Eye,
  EyeOff,
  FileCode,
  Files,
  FileText,
  Folder,
  FolderTree,
  GitBranch,
  Hash,
  Library,
  List,
  ListTree,
  type LucideIcon,
  Network,
  Package,
  Play,
  Quote,
  Ruler,
  Scale,
  Search,
  SquareTerminal,
  Star,
  Table,
  Users,
  Workflow,
} from 'lucide-react';
import { Icon } from '../../design/index.ts';

/** The icons a plan may name for its artifacts, by their lucide names. */
const ICONS: Readonly<Record<string, LucideIcon>> = {
  'book-open': BookOpen,
  boxes: Boxes,
  bug: Bug,
  'chart-no-axes-column': ChartNoAxesColumn,
  eye: Eye,
  'eye-off': EyeOff,
  'file-code': FileCode,
  'file-text': FileText,
  files: Files,
  folder: Folder,
  'folder-tree': FolderTree,
  'git-branch': GitBranch,
  hash: Hash,
  library: Library,
  list: List,
  'list-tree': ListTree,
  network: Network,
  package: Package,
  play: Play,
  quote: Quote,
  ruler: Ruler,
  scale: Scale,
  search: Search,
  'square-terminal': SquareTerminal,
  star: Star,
  table: Table,
  terminal: SquareTerminal,
  users: Users,
  workflow: Workflow,
};

/** The icon of an artifact; one that is not known here shows as a text. */
export function artifactIcon(name: string | undefined): LucideIcon {
  return ICONS[name ?? ''] ?? FileText;
}

/** The same, drawn for a card's head. */
export function ArtifactIcon({ name }: { readonly name: string | undefined }) {
  return <Icon of={artifactIcon(name)} size={14} className="text-ink-3" />;
}
