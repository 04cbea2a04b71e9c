interface IconProps {
  readonly size?: number;
}

/** A line icon on a 24-unit square; takes the colour of the text and says nothing to screen readers. */
function Icon({ size = 20, paths, flips }: IconProps & { paths: readonly string[]; flips?: boolean }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className={flips ? 'icon flips' : 'icon'}
    >
      {paths.map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );
}

export const BackIcon = (props: IconProps) => <Icon {...props} paths={['M15 5l-7 7 7 7']} flips />;
export const CloseIcon = (props: IconProps) => <Icon {...props} paths={['M6 6l12 12', 'M18 6L6 18']} />;
export const SearchIcon = (props: IconProps) => (
  <Icon {...props} paths={['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z', 'M16 16l4 4']} />
);
export const PeopleIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
      'M2.5 20c.5-3.6 3-5.5 6.5-5.5s6 1.9 6.5 5.5',
      'M16 4.3a3.5 3.5 0 0 1 0 6.4',
      'M18 15c2 .8 3.200 2.500 3.500 5',
    ]}
  />
);
export const RequestIcon = (props: IconProps) => (
  <Icon {...props} paths={['M4 13v6h16v-6', 'M4 13l3-8h10l3 8', 'M4 13h5l1.500 2.500h3L15 13h5']} />
);
export const NewGroupIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
      'M2.5 20c.5-3.6 3-5.5 6.5-5.5 1.600 0 3 .4 4.100 1.200',
      'M18.500 14v6',
      'M15.500 17h6',
    ]}
  />
);
export const SendIcon = (props: IconProps) => (
  <Icon {...props} paths={['M4 12l16-8-5.500 16-3-6.500z', 'M11.500 13.500L20 4']} flips />
);
export const EmojiIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
      'M8.500 14.500c.8 1.300 2 2 3.500 2s2.700-.7 3.500-2',
      'M9 9.500v.5',
      'M15 9.500v.5',
    ]}
  />
);
export const ReplyIcon = (props: IconProps) => (
  <Icon {...props} paths={['M9 6l-5 5 5 5', 'M4 11h9c4 0 6.500 2 7 7']} flips />
);
export const EditIcon = (props: IconProps) => (
  <Icon {...props} paths={['M4 20l1-4L16 5l3 3L8 19z', 'M14 7l3 3']} />
);
export const TrashIcon = (props: IconProps) => (
  <Icon {...props} paths={['M5 7h14', 'M10 7V4.500h4V7', 'M7 7l.8 12.500h8.400L17 7']} />
);
export const CopyIcon = (props: IconProps) => <Icon {...props} paths={['M9 9h11v11H9z', 'M5 15H4V4h11v1']} />;
export const InfoIcon = (props: IconProps) => (
  <Icon {...props} paths={['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 11v5', 'M12 8v.1']} />
);
export const MoreIcon = (props: IconProps) => (
  <Icon {...props} paths={['M6 12h.01', 'M12 12h.01', 'M18 12h.01']} />
);
export const DownIcon = (props: IconProps) => <Icon {...props} paths={['M12 5v14', 'M6 13l6 6 6-6']} />;
export const MutedIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={['M6 16V11a6 6 0 0 1 9-5.200', 'M18 11v5l1.500 2H7.500', 'M10.500 21h3', 'M4 4l16 16']}
  />
);
export const LockIcon = (props: IconProps) => (
  <Icon {...props} paths={['M6 11h12v9H6z', 'M8.500 11V8a3.500 3.500 0 0 1 7 0v3']} />
);
export const ShieldIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={['M12 3l7 2.500v6c0 4.500-3 7.700-7 9.500-4-1.800-7-5-7-9.500v-6z', 'M9 12l2.200 2.200L15.500 10']}
  />
);
export const WarningIcon = (props: IconProps) => (
  <Icon {...props} paths={['M12 4l9.500 16h-19z', 'M12 10v4.500', 'M12 17.300v.1']} />
);
export const ClockIcon = (props: IconProps) => (
  <Icon {...props} paths={['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 7.500V12l3 2']} />
);
export const SentIcon = (props: IconProps) => <Icon {...props} paths={['M5 12.500l4.500 4.500L19 7.500']} />;
export const DeliveredIcon = (props: IconProps) => (
  <Icon {...props} paths={['M2 12.500l4.500 4.500L15 8', 'M11.500 16l1 1L22 7.500']} />
);
export const LinkIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1',
      'M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1',
    ]}
  />
);
export const KeyIcon = (props: IconProps) => (
  <Icon {...props} paths={['M8 16.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M12 12.500h9.500', 'M18 12.500V16']} />
);

export const PrintIcon = (props: IconProps) => (
  <Icon {...props} paths={['M7 8V4h10v4', 'M7 17H4V8h16v9h-3', 'M7 14h10v6H7z']} />
);
export const BrowserIcon = (props: IconProps) => (
  <Icon {...props} paths={['M3.500 5h17v14h-17z', 'M3.500 9h17', 'M6.500 7h.01', 'M9 7h.01']} />
);
export const TerminalIcon = (props: IconProps) => (
  <Icon {...props} paths={['M3.500 5h17v14h-17z', 'M7 9.500l3 2.500-3 2.500', 'M12.500 15H17']} />
);
export const CameraIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M4 8h3.500L9 5.500h6L16.500 8H20v11H4z',
      'M12 16.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400z',
    ]}
  />
);

export const AttachIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M19.500 11.500l-7.700 7.700a5 5 0 0 1-7-7l8.400-8.400a3.300 3.300 0 0 1 4.700 4.700l-8.300 8.300a1.700 1.700 0 0 1-2.400-2.400l7.200-7.200',
    ]}
  />
);
export const PictureIcon = (props: IconProps) => (
  <Icon {...props} paths={['M4 5h16v14H4z', 'M4 16l4.500-4.500 3.500 3.500 3-3 5 5', 'M9 9h.01']} />
);
export const MicrophoneIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M12 14.500a3 3 0 0 0 3-3V6.500a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3z',
      'M6 11.500a6 6 0 0 0 12 0',
      'M12 17.500V21',
    ]}
  />
);
export const StopIcon = (props: IconProps) => <Icon {...props} paths={['M7 7h10v10H7z']} />;
export const PlayIcon = (props: IconProps) => <Icon {...props} paths={['M8 5.500v13l10.500-6.500z']} />;
export const PauseIcon = (props: IconProps) => <Icon {...props} paths={['M8.500 6v12', 'M15.500 6v12']} />;
export const SaveIcon = (props: IconProps) => (
  <Icon {...props} paths={['M12 4v11', 'M7.500 10.500L12 15l4.500-4.500', 'M5 20h14']} />
);
export const RetryIcon = (props: IconProps) => (
  <Icon {...props} paths={['M19.500 12a7.500 7.500 0 1 1-2.200-5.300L20 9.300', 'M20 4.500v4.800h-4.800']} />
);
export const ZoomInIcon = (props: IconProps) => (
  <Icon {...props} paths={['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z', 'M16 16l4 4', 'M11 8v6', 'M8 11h6']} />
);
export const ZoomOutIcon = (props: IconProps) => (
  <Icon {...props} paths={['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z', 'M16 16l4 4', 'M8 11h6']} />
);
export const WidthIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M4 5v14',
      'M20 5v14',
      'M7.500 12h9',
      'M10 9.500L7.500 12l2.500 2.500',
      'M14 9.500l2.500 2.500-2.500 2.500',
    ]}
  />
);
export const UpIcon = (props: IconProps) => <Icon {...props} paths={['M6 15l6-6 6 6']} />;
export const LowerIcon = (props: IconProps) => <Icon {...props} paths={['M6 9l6 6 6-6']} />;
export const ForwardIcon = (props: IconProps) => <Icon {...props} paths={['M9 5l7 7-7 7']} flips />;
export const JumpIcon = (props: IconProps) => (
  <Icon {...props} paths={['M5 5h14v10h-7l-4 4v-4H5z', 'M9 10h6']} />
);
export const FileIcon = (props: IconProps) => (
  <Icon {...props} paths={['M6 3.500h8l4.500 4.500v12.500H6z', 'M14 3.500V8h4.500']} />
);
export const TextIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={['M6 3.500h8l4.500 4.500v12.500H6z', 'M14 3.500V8h4.500', 'M9 12.500h6', 'M9 16h6']}
  />
);
export const ArchiveIcon = (props: IconProps) => (
  <Icon {...props} paths={['M4 7h16v13H4z', 'M4 7l2-3h12l2 3', 'M12 7v3', 'M12 12.500v2']} />
);
export const SheetIcon = (props: IconProps) => (
  <Icon {...props} paths={['M4.500 5h15v14h-15z', 'M4.500 10h15', 'M4.500 14.500h15', 'M10 5v14']} />
);
export const ProgramIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={['M3.500 5h17v14h-17z', 'M3.500 9h17', 'M10 12l-2 2.200 2 2.200', 'M14 12l2 2.200-2 2.200']}
  />
);
export const SoundIcon = (props: IconProps) => (
  <Icon
    {...props}
    paths={[
      'M9 17.500V6l10-2v11.500',
      'M9 17.500a2.500 2.500 0 1 1-2.500-2.500H9',
      'M19 15.500a2.500 2.500 0 1 1-2.500-2.500H19',
    ]}
  />
);
export const VideoIcon = (props: IconProps) => (
  <Icon {...props} paths={['M3.500 6.500h12v11h-12z', 'M15.500 10.500l5-3v9l-5-3']} />
);

export function Logo({ size = 56 }: { size?: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="15" fill="#0b6b73" />
      <path
        d="M16 22a6 6 0 0 1 6-6h20a6 6 0 0 1 6 6v14a6 6 0 0 1-6 6H31l-9 8v-8a6 6 0 0 1-6-6z"
        fill="#fff"
      />
      <path d="M24 25h16M24 32h9" stroke="#0b6b73" strokeWidth="3.5" strokeLinecap="round" />
    </svg>
  );
}
